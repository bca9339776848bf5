using System.Runtime.InteropServices;
using MongoGateway;

if (GatewayOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(GatewayOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
await Task.WhenAll(options.Listeners().Select(each => new Gateway(each, TimeProvider.System).RunAsync(stop.Token)));
return 0;
