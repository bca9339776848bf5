using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>
/// A wake-up of the saga. It carries nothing but which run it is about: everything else is in the store. Nobody
/// consumes the kind as such, so it needs no exchange on the broker.
/// </summary>
[ExcludeFromTopology]
internal interface IRunMessage
{
    string LogId { get; }
}
