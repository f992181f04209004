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

    OPTIONAL = ("sheet",)

    row = fields.Integer(
        allow_none=True, metadata={"description": "The row as a spreadsheet shows it; the headings are row 1."}
    )
    column = fields.String(allow_none=True, metadata={"description": "The JSON name of the column."})
    sheet = fields.String(metadata={"description": "Only where several sheets were read."})
    code = fields.String(
        metadata={
            "description": "Warnings, which refuse nothing, are `left_out`, `first_taken`, `nik_other_date`, "
            "`row_left_out`, `unread_sheet`, `unknown_column`, `hidden_rows`, `hidden_columns` and "
            "`needs_second_person`: the holder and the numbers of a known book stay until a second person confirms."
        }
    )
    message = fields.String(metadata={"description": "In the language of the request."})


class ImportSheetSchema(AnswerSchema):
    """A sheet of the file. A hidden sheet, or one without headings, is not read."""

    name = fields.String(metadata={"description": "The name of the sheet; `CSV` for a CSV file."})
    rows = fields.Integer(metadata={"description": "How many rows hold a book, or have content in a sheet not read."})
    read = fields.Boolean()


class ImportColumnSchema(AnswerSchema):
    """A heading, and the field that its column was read as."""

    sheet = fields.String()
    heading = fields.String()
    field = fields.String(allow_none=True, metadata={"description": "A JSON name; null for a column not read."})


class ImportSchema(AnswerSchema):
    """An uploaded file between its upload and its confirmation."""

    import_id = fields.String()
    state = fields.String(validate=validate.OneOf(("reading", "ready", "refused", "saving", "saved")))
    name = fields.String(metadata={"description": "The name of the uploaded file."})
    progress = fields.Nested(ImportProgressSchema)
    counts = fields.Nested(ImportCountsSchema)
    message = fields.String(allow_none=True, metadata={"description": "Why the whole file is refused, else null."})
    problems = fields.List(fields.Nested(ImportProblemSchema))
    sheets = fields.List(fields.Nested(ImportSheetSchema))
    columns = fields.List(fields.Nested(ImportColumnSchema))
