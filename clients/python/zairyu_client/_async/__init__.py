"""The client, written once: the synchronous half in `zairyu_client/_sync` is generated from this one."""
