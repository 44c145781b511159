"""Is everything as it should be? The set-up (`radimpress doctor`) and the bytes (`verify`)."""
