using Microsoft.Extensions.Logging;

namespace StableDiffCoder.Lsp.Settings;

/// <summary>What is logged. The one source of these defaults.</summary>
public sealed record LogOptions
{
    /// <value>The least severe message that the log file and the client get. Default information.</value>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Level))
        {
            throw new ArgumentException($"level is {Level}; use {string.Join(", ", Enum.GetNames<LogLevel>()).ToLowerInvariant()}");
        }
    }
}
