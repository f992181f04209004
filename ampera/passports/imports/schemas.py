"""What the API takes and gives about imports of files."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema


class FileBody(Schema):
    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class ImportProgressSchema(AnswerSchema):
    """How many rows are checked. `total` is 0 until the number of rows is known."""

    done = fields.Integer()
    total = fields.Integer()


class ImportCountsSchema(AnswerSchema):
    """How many rows there are, and how many of each outcome. Empty until the file is read."""

    OPTIONAL = ("rows", "created", "updated", "unchanged", "refused")

    rows = fields.Integer()
    created = fields.Integer()
    updated = fields.Integer()
    unchanged = fields.Integer()
    refused = fields.Integer()


class ImportProblemSchema(AnswerSchema):
    """A problem of a cell, a row or the whole file."""

    row = fields.Integer(
        allow_none=True, metadata={"description": "The row as a spreadsheet shows it; the headings are row 1."}
    )
    column = fields.String(allow_none=True, metadata={"description": "The JSON name of the column."})
    code = fields.String()
    message = fields.String(metadata={"description": "In the language of the request."})


class ImportSchema(AnswerSchema):
    """An uploaded file between its upload and its confirmation."""

    import_id = fields.String()
    state = fields.String(validate=validate.OneOf(("reading", "ready", "refused", "saving", "saved")))
    name = fields.String(metadata={"description": "The name of the uploaded file."})
    progress = fields.Nested(ImportProgressSchema)
    counts = fields.Nested(ImportCountsSchema)
    message = fields.String(allow_none=True, metadata={"description": "Why the whole file is refused, else null."})
    problems = fields.List(fields.Nested(ImportProblemSchema))
