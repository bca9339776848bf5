[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace Worker.IntegrationTests;

/// <summary>
/// Two lanes of tests, side by side: those that kill workers and servers, and mostly wait, have servers of their own or
/// share none that they harm; all others run one after the other in the assembly's own lane.
/// </summary>
internal static class Lanes
{
    public const string Crashes = "crashes";
}
