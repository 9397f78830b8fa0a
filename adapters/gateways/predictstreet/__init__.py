"""PredictStreet's order API and user feed as we serve them, over the paper venue's books."""
