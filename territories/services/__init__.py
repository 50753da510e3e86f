"""Every change of this room's data, one function each."""
