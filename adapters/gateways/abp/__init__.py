"""ABP's API as we serve it: the two pages of the seeds field by field, and what goes with them."""
