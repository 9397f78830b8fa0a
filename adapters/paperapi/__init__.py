"""The paper venue's own API, as an add-on brings a venue: dialect, codec and server together."""
