namespace Worker.Traces;

/// <summary>
/// A field's standing value. Replaced whole; <see cref="Value"/> null means unset, by an Updated message or by a
/// verdict that was taken back.
/// </summary>
internal readonly record struct FieldEntry(Field Field, JsonValue? Value, Stamp Stamp);
