"""What can be wrong with recorded traffic: the user gave it, so each message is one line that says where and what."""


class BrokenRecording(Exception):
    """A recording, or one entry of it, cannot be read as exchanges."""
