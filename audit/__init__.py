"""The question itself: panel, expected spend, displacement, forest, flags, the run and the command line."""

import os
import sys

# `python -m` puts the current folder before all others, and a file of the data may be named like a module of the
# library: the folder goes before anything else is imported. Both modules above are loaded with Python itself.
if sys.argv[:1] and os.path.basename(sys.argv[0]) in ("-m", "ringfence"):  # noqa: PTH119 - pathlib may be the data's
    try:
        _here, _ours = map(os.path.realpath, (os.curdir, os.path.join(__path__[0], os.pardir)))  # noqa: PTH118
    except OSError:  # a folder that was removed holds no modules
        _here = _ours = ""
    if _here != _ours:
        sys.path[:] = [part for part in sys.path if os.path.realpath(part) != _here]

__distribution__ = "ringfence-audit"  # by which the command tells this package from another of its name
