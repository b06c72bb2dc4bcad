"""The words of payment files: names of columns, organisations and expenses, folded texts, periods.

Vocabulary only; no file is opened here but the lists in `data/reference/`.
"""
