"""The PredictStreet dialect: an off-chain matcher whose matches settle on chain."""
