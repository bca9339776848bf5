namespace Worker.Evaluation.Messaging;

/// <summary>A wake-up of the saga. It carries nothing but which run it is about: everything else is in the store.</summary>
internal interface IRunMessage
{
    string LogId { get; }
}
