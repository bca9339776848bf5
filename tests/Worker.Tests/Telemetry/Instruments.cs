using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Worker.Hosting;
using Worker.Publishing;

namespace Worker.Tests.Telemetry;

/// <summary>Every instrument of the worker.</summary>
internal static class Instruments
{
    public static IReadOnlyList<Instrument> All()
    {
        using var meters = new TestMeters();
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (meters.Made.Contains(instrument.Meter))
                    found.Add(instrument);
            },
        };
        listener.Start();
        Make(meters);
        return found;
    }

    /// <summary>Its name as Prometheus has it.</summary>
    public static IEnumerable<string> InPrometheus(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "1" => "_ratio", _ => "" };
        var name = instrument.Name.Replace('.', '_') + unit;
        var kind = instrument.GetType().Name.Split('`')[0];
        return kind switch
        {
            "Histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            "Counter" or "ObservableCounter" => [name + "_total"],
            _ => [name],
        };
    }

    /// <summary>Whoever makes instruments is given a factory of meters.</summary>
    private static void Make(TestMeters meters)
    {
        var types = typeof(WorkerHost).Assembly.GetTypes();
        using var services = new ServiceCollection()
            .AddSingleton<IMeterFactory>(meters)
            .AddSingleton(TimeProvider.System)
            .BuildServiceProvider();
        var makers = types.Where(type => type.GetConstructors().Any(TakesMeters)).ToList();
        makers.Count.ShouldBeGreaterThan(2);
        foreach (var maker in makers)
            ActivatorUtilities.CreateInstance(services, maker);

        var methods = types.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance)).Where(TakesMeters).ToList();
        methods.ShouldHaveSingleItem().DeclaringType.ShouldBe(typeof(Spill));
        new Spill(Options.Create(new SpillOptions()), TimeProvider.System).Observed(meters);
    }

    private static bool TakesMeters(MethodBase method) =>
        method.GetParameters().Any(parameter => parameter.ParameterType == typeof(IMeterFactory));
}
