using MassTransit;

namespace Worker.IntegrationTests.Support;

/// <summary>Lets nothing be consumed.</summary>
internal sealed class HangingBus : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => new TaskCompletionSource().Task;

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
