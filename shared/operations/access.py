"""The permission of the routes for operators."""

from shared.auth import Role, permit

# A stolen session must not be able to drop events: the second factor was shown recently.
OPERATOR = permit(Role.OPERATOR, kinds=("officer",), in_person=True, fresh=True)
