"""What tests begin with, made by the services as clerks and imports make it: one way for each thing.

Regions, their law and the roles are in every test database (tests/conftest.py). Here are the people of the office, the
insured and the providers; beside them, each in a module of its own, what is done with them:

    accounts            personal accounts, movements on chosen days, relatives who may use them
    credit_runs         credit runs from draft to posted
    interest            yearly interest from its submission to its last entry
    closings            accounts that are closed
    claims, papers      claims as they are registered, and files as scanners and cameras make them
    settlements         claims brought to their outcome
    reimbursements      claims filed by hand, payment batches, and what a bank answers
    resettlements       what is settled anew after a reversal
    batches             a month of claims, settled by workers
    clearing            bills of providers, their monthly statements, deductions and the year's clearing
    settled_files       files of direct settlements
    simulations         simulations of a policy version, from what is asked to the report
    worked_cases        worked cases of a region
    law                 average pensions and local figures
    moves               every process: how a thing begins, and how it is brought to each of its states
    office              a furnished office to look at; office_business is what is done in it
    screens             signing in, and what a page offers and says
    books, damage       books with every kind of entry, and what is done to them behind our backs
    sheets, workbooks   files for imports; files is what becomes of them
    threads             several at the same instant
"""

from tests.builder.claims import a_line
from tests.builder.law import average_pension
from tests.builder.people import a_member, contributions, insured, region, retiree
from tests.builder.providers import a_provider, pharmacy
from tests.builder.staff import PASSWORD, REASON, pair, somebody, staff

__all__ = [
    "PASSWORD",
    "REASON",
    "a_line",
    "a_member",
    "a_provider",
    "average_pension",
    "contributions",
    "insured",
    "pair",
    "pharmacy",
    "region",
    "retiree",
    "somebody",
    "staff",
]
