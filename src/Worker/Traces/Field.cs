namespace Worker.Traces;

/// <summary>One field of a Log that is merged by stamp. The closed list is <see cref="LogFields"/>.</summary>
/// <param name="Index">Its place in <see cref="LogFields.All"/>; a Log keeps its fields in this order.</param>
/// <param name="Name">Its name on the wire and in documents.</param>
/// <param name="Payload">True when <c>save: false</c> drops it.</param>
/// <param name="Reference">
/// True when it names something by id, path or environment: an empty one is as good as none.
/// </param>
/// <param name="Request">True when it takes part in finding the Version.</param>
internal sealed record Field(int Index, string Name, FieldType Type, bool Payload, bool Reference, bool Request);
