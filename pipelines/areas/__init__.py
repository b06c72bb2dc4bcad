"""Who an authority is: codes and names, the areas they make up, and how commissioners lie over areas.

Read from `data/reference/`; a name or code that is not there is refused by its reader.
"""
