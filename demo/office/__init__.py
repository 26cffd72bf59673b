"""The office in the middle of its day: what its people have done until now, and what waits for them.

Everything is done by the services that the screens use, each step by somebody whose role allows it; only the people
themselves are written set-based. Each step is done whole or not at all, and finds its work done the second time.
"""

from demo.office.house import DemoFailed, Office

__all__ = ["DemoFailed", "Office"]
