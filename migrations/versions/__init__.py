"""One module a revision, named YYYYMMDD_HHMM_<revision>_<what it does>."""
