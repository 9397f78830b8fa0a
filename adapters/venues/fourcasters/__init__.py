"""4casters: a peer-to-peer sports exchange; orders socket, user feed, REST."""
