"""Against yesterday: the figures of a return that differ from those accepted before, and whether someone said why.

The tables it writes are checked like any other; a run beyond the limits is not published without a reason.
"""
