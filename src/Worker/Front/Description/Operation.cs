using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>What the API description says of one endpoint. What holds for all of them is added to it.</summary>
/// <param name="Id">By which generated clients call it.</param>
/// <param name="Tag">The heading under which it stands.</param>
/// <param name="Summary">One line.</param>
internal sealed record Operation(string Id, string Tag, string Summary)
{
    /// <summary>What is to be known besides; null where that is all.</summary>
    public string? Words { get; init; }

    /// <summary>Of the query and the headers. Those of the path are the route's own.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>The schema of the body; null where none is read.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>As what the body may come.</summary>
    public IReadOnlyList<string> BodyTypes { get; init; } = ["application/json"];

    /// <summary>What it answers, besides what every endpoint may answer.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }
}
