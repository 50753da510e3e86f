"""Pages of the API."""

from rest_framework.pagination import PageNumberPagination


class ApiPagination(PageNumberPagination):
    """`?page=3&page_size=100`; at most 200 rows a page, however many are asked for.

    A page that does not exist is a 404.
    """

    page_size_query_param = "page_size"
    max_page_size = 200
