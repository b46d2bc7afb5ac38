"""Reading for auditors: always with their State as the border."""
