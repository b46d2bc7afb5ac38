"""
What everybody writes first with Channels, to be measured beside: no part of the product.

JSON frames, one ORM transaction a message in `database_sync_to_async` (the message and a row that
says who did it), then the whole body through the channel layer to every member's channel. Served by
`python -m bench.peers.naive_app PORT MEMBERS...`, under Daphne as the product is.
"""
