from crm.accounts.admin.organisation import OrganisationAdmin
from crm.accounts.admin.roles import RoleAdmin
from crm.accounts.admin.teams import TeamAdmin
from crm.accounts.admin.users import UserAdmin

__all__ = ["OrganisationAdmin", "RoleAdmin", "TeamAdmin", "UserAdmin"]
