namespace Worker.Testing.Fuzz;

internal enum ReferenceKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
