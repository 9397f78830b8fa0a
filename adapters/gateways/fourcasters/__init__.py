"""4casters' API as we serve it: the orders socket, the user feed and its replay, REST."""
