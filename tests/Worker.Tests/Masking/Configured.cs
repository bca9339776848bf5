using Microsoft.Extensions.Configuration;

namespace Worker.Tests.Masking;

internal static class Configured
{
    public static IConfiguration With(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(value => value.Key, value => (string?)value.Value))
        .Build();
}
