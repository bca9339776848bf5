using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>Which Logs have an Evaluator attached. A Tool or Prompt Log is judged only where it has one.</summary>
internal interface IAttachments
{
    /// <summary>
    /// Whether any Evaluator may be attached to a Log of that kind: where none is, no such Log need be looked at.
    /// </summary>
    bool MayAttach(LogKind kind);

    /// <summary>Whether any Evaluator is attached to that Log's kind and File.</summary>
    bool Attaches(Log log);
}
