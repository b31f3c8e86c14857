"""What Schemathesis must know of this API beside its document."""

import itertools
import os
import re

import schemathesis

OWN_TOKEN_ID = os.environ["TESTER_TOKEN_ID"]
requests = itertools.count()

# A request may fit its schema and be refused for what the system has, or for what no schema can say.
REFUSED_FOR_MORE_THAN_SHAPE = (
    "does not exist",
    "is not a valid choice",
    "That choice is not one of the available choices",
    "is not active",
    "is not allowed (see DELIVERY_ALLOWED_NETWORKS)",
    "already exists",
    "is no event of",
    "is not in the subscription",
    "The message has no event type",
    "whsec_",
    "Belongs to the subscription",
    "Must be the nextPage of a page of this list",
    "Number out of range",
    'Refused key \\"__proto__\\"',
    "Ensure the headers have no more than",
    "'max_value' must be greater than 'min_value'",
    "is in it twice",
    "filterLogic",
    "without host, query or dot segments",
    '"example":[',
    '"schema":[',
)
# What is wrong with a parameter of a list makes it the default, or is ignored, as in Django REST framework.
READ_LENIENTLY = re.compile(r"parameters? .*`(page|page_size|limit|delivered|is_active)`.* in query")


@schemathesis.hook
def before_call(context, case, kwargs):
    n = next(requests)
    # An address with many wrong tokens is refused for a while (429), so each request has its own.
    case.headers["X-Forwarded-For"] = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    # The token of the tests must outlive them.
    if case.operation.path == "/api/v1/oms/tokens/{id}/" and str(case.path_parameters.get("id")) == OWN_TOKEN_ID:
        case.path_parameters["id"] = int(OWN_TOKEN_ID) + 1


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if failure.checks == ("positive_data_acceptance",):
        return not any(words in response.text for words in REFUSED_FOR_MORE_THAN_SHAPE)
    if failure.checks == ("negative_data_rejection",):
        return not is_taken_all_the_same(failure.message, case)
    return True


def is_taken_all_the_same(fault, case):
    blank = "in query" in fault and any(value in ("", None) for value in case.query.values())
    # Numbers are taken for texts, 0 and 1 for booleans: conversions that a client has no need of.
    converted = "in body" in fault and "Incorrect type" in fault
    # Each event of a batch is refused for itself, in a 202.
    one_of_many = case.operation.path.endswith("/batch/")
    return blank or converted or one_of_many or READ_LENIENTLY.search(fault)
