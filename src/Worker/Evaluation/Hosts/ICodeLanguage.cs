namespace Worker.Evaluation.Hosts;

/// <summary>A language that Evaluators are written in: what runs it, and how people are told of that.</summary>
internal interface ICodeLanguage
{
    /// <summary>The kind of Evaluators.</summary>
    string Kind { get; }

    /// <summary>As people write it.</summary>
    string Name { get; }

    /// <summary>Of its files, with the dot.</summary>
    string Extension { get; }

    /// <summary>Of its options in the configuration.</summary>
    string Section { get; }

    CodeOptions Options { get; }

    /// <summary>A host, which speaks as host.py describes it.</summary>
    HostCommand Host();

    /// <summary>Sentences for who has to do something about it.</summary>
    /// <param name="why">As the system says it.</param>
    string CannotStart(string why);

    /// <param name="lastWords">A sentence about what the host said last.</param>
    string IsNotReady(string lastWords);
}
