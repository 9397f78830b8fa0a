"""A venue of our own: it matches, races and fails on request, and its books can be looked into."""
