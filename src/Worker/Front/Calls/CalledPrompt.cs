using System.Text.Json.Nodes;
using Worker.Reading;

namespace Worker.Front.Calls;

/// <summary>The Version of a Prompt that is called.</summary>
/// <param name="Details">What it says: model, template and the like.</param>
/// <param name="Tools">What the model may call.</param>
/// <param name="Stored">As it is stored; null where the request brings it.</param>
internal sealed record CalledPrompt(JsonObject Details, IReadOnlyList<JsonObject> Tools, FileView? Stored);
