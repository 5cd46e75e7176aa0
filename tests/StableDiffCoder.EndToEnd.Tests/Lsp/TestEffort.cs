using System.Globalization;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>How long the randomised tests go on; <c>npm run soak</c> sets the variables.</summary>
public static class TestEffort
{
    /// <summary>The value of an environment variable, or a default.</summary>
    public static int Of(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
