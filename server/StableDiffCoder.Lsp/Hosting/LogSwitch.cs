using Microsoft.Extensions.Logging;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>The least severe message that is logged; follows the setting <c>log.level</c>.</summary>
public sealed class LogSwitch
{
    private volatile LogLevel level = LogLevel.Information;

    /// <value>Default information.</value>
    public LogLevel Level
    {
        get => level;
        set => level = value;
    }
}
