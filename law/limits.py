"""Limits of an act as small expressions over named whole numbers: "presentation_minutes * 4 <= planned_minutes"."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

_ARITHMETIC: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
}


class BadLimit(ValueError):
    """An expression that compares nothing, or holds more than sums, differences and products."""


@dataclass(frozen=True)
class Limit:
    """One comparison; `names` are its quantities in the order in which they stand."""

    text: str
    names: tuple[str, ...]
    tree: ast.Compare

    def sides(self, values: Mapping[str, int]) -> tuple[int, int]:
        """The values of the left and the right side; KeyError for a quantity that is not given."""
        return _value(self.tree.left, values), _value(self.tree.comparators[0], values)

    def holds(self, values: Mapping[str, int]) -> bool:
        """True where the limit is kept."""
        left, right = self.sides(values)
        return _COMPARISONS[type(self.tree.ops[0])](left, right)

    def most(self, name: str, values: Mapping[str, int], *, up_to: int) -> int:
        """The largest value from 0 to `up_to` of one quantity with which the limit is kept; -1 if there is none."""
        low, high = -1, up_to
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.holds({**values, name: middle}) else (low, middle - 1)
        return low


@cache
def limit(text: str) -> Limit:
    """The limit that an expression states; raises BadLimit."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise BadLimit(f"{text!r} is no expression.") from error
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _COMPARISONS:
        raise BadLimit(f"{text!r} compares nothing.")
    names = tuple(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))
    found = Limit(text, names, tree)
    found.sides(dict.fromkeys(names, 1))
    return found


def _value(node: ast.expr, values: Mapping[str, int]) -> int:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _ARITHMETIC[type(node.op)](_value(node.left, values), _value(node.right, values))
    raise BadLimit(f"{ast.unparse(node)!r} holds more than sums and products.")
