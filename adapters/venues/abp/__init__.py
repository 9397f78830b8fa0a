"""The ABP dialect: 55-Tech's order router over bookmakers and exchanges."""
