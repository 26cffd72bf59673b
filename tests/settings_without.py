"""The settings of a project that has not installed some rooms: WITHOUT names them, with commas between."""

import os

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as _INSTALLED_APPS

INSTALLED_APPS = [app for app in _INSTALLED_APPS if app not in os.environ["WITHOUT"].split(",")]
