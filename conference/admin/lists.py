"""Lists of rows in the organisers' admin that stay quick with 300,000 rows in them."""

from django.contrib.admin.views.main import ChangeList


class LongList(ChangeList):
    """A ChangeList that first finds the keys of a page's rows, by an index or a sort of keys only.

    Joining and sorting whole rows took seconds. Where a search or a filter finds no more than a page, all rows are read
    once for it, not once to count and once to sort.
    """

    def get_ordering_field(self, field_name):
        """Return the field by which a column sorts: another field if only that one has an index."""
        return self.model_admin.sorted_as.get(field_name) or super().get_ordering_field(field_name)

    def get_results(self, request):
        few = self._keys_if_few() if self.query or self.has_active_filters else None
        if few is not None:
            self.queryset = self._rows(few)
        super().get_results(request)
        if few is None and self.multi_page and not self.show_all:
            start = (self.page_num - 1) * self.list_per_page
            self.result_list = self._rows(self.queryset.values("pk")[start : start + self.list_per_page])

    def _keys_if_few(self):
        """Return the keys of all rows found, in any order, if they fit on a page; else None."""
        keys = list(self.queryset.order_by().values_list("pk", flat=True)[: self.list_per_page + 1])
        return keys if len(keys) <= self.list_per_page else None

    def _rows(self, keys):
        """Return the rows with these keys (a list or a subquery), in the list's order."""
        rows = self.apply_select_related(self.root_queryset.filter(pk__in=keys))
        return rows.order_by(*self.queryset.query.order_by)
