"""Pages for a browser, each one file that needs nothing else: made of a report, a ledger and drawings.

Text becomes markup in `markup` only, and there everything is escaped; what scripts need is data, never code.
"""
