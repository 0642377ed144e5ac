"""The user classes (利用者区分), for pages that show a choice of them."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.http.context import CurrentContext
from shared.auth import public
from shared.clock import legal_date
from shared.http import Words
from shared.reference.codes import Procedure
from shared.reference.rights import may_file
from shared.reference.usage_documents import NAMES, usage_documents
from shared.reference.user_classes import USER_CLASSES, RegistersBy

router = APIRouter(tags=["user classes"])


class DocumentOfClass(BaseModel):
    """One document that is submitted with the registration."""

    code: str = Field(examples=["UA_PLEDGE"])
    name: Words
    condition: str = Field(description="always, or when it is asked", examples=["always"])


class UserClassView(BaseModel):
    """One user class."""

    role: str = Field(examples=["self"])
    name: Words
    acts_for: Words
    registers_by: RegistersBy
    examined: bool = Field(description="an officer approves")
    minimum_age: int
    relations: list[str] = Field(description="what a representative is to whom they act for", examples=[["parent"]])
    documents: list[DocumentOfClass]
    procedures: list[str] = Field(
        description="what it may file, as far as the class alone decides it", examples=[["EXTEND"]]
    )


class UserClasses(BaseModel):
    """All user classes, as they are today."""

    day: date
    items: list[UserClassView]


@router.get("/v1/user-classes", dependencies=[public])
async def user_classes(context: CurrentContext) -> UserClasses:
    """The user classes: the form and documents of each registration, and what the class may file."""
    today = legal_date(context.clock.now())
    return UserClasses(
        day=today,
        items=[
            UserClassView(
                role=row.role,
                name=Words.of(row.name),
                acts_for=Words.of(row.acts_for),
                registers_by=row.registers_by,
                examined=row.examined,
                minimum_age=row.min_age,
                relations=list(row.relations),
                documents=[
                    DocumentOfClass(
                        code=document.code,
                        name=Words.of(NAMES[document.code]),
                        condition=document.condition,
                    )
                    for document in usage_documents("usage_registration", row.role, today)
                ],
                procedures=[p.value for p in Procedure if may_file(row.role, p, today, unable=True)],
            )
            for row in USER_CLASSES.on(today)
        ],
    )
