"""A corpus summarised by many machines, shard by shard: what is finished is never done again."""
