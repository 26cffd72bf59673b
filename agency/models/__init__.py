"""The office: pooling regions, staff and their roles, four-eyes approval, jobs."""

from agency.models.approval import FourEyes
from agency.models.export import Export, ExportForm
from agency.models.job import Job, JobState
from agency.models.region import PoolingRegion
from agency.models.role_request import RoleChange, RoleRequest, RoleRequestState
from agency.models.saved_list import SavedList
from agency.models.seals import Seal
from agency.models.sign_in import Authenticator, LetInAgain, Session, UsedPassword
from agency.models.staff import Role, RoleAssignment, User
from agency.models.taken import TakenCase

__all__ = [
    "Authenticator",
    "Export",
    "ExportForm",
    "FourEyes",
    "Job",
    "JobState",
    "LetInAgain",
    "PoolingRegion",
    "Role",
    "RoleAssignment",
    "RoleChange",
    "RoleRequest",
    "RoleRequestState",
    "SavedList",
    "Seal",
    "Session",
    "TakenCase",
    "UsedPassword",
    "User",
]
