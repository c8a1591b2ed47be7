"""The compiled loop's source: Numba functions over the tables of `layout`."""
