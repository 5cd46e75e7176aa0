using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using StableDiffCoder.Lsp.Hosting;

namespace StableDiffCoder.Cli;

/// <summary>The language server's log: a file that is begun anew when it is full, and stderr.</summary>
internal sealed class ServerLog : IDisposable
{
    private const long MostBytes = 4 << 20;
    private const int MostFiles = 5;

    private readonly LoggerFactory factory;

    /// <summary>Opens the log.</summary>
    /// <param name="stateFolder">Its folder; null writes no file.</param>
    /// <param name="error">stderr.</param>
    /// <param name="errorLevel">The least severe message that stderr gets.</param>
    /// <param name="fileLevel">That of the file.</param>
    public ServerLog(string? stateFolder, TextWriter error, LogLevel errorLevel, LogSwitch fileLevel)
    {
        var errors = new ErrorStreamLoggerProvider(error);
        ILoggerProvider? file = stateFolder is null ? null : OpenFile(stateFolder);
        factory = new LoggerFactory(
            file is null ? [errors] : [errors, file],
            new LoggerFilterOptions
            {
                MinLevel = LogLevel.Trace,
                Rules =
                {
                    new LoggerFilterRule(typeof(ErrorStreamLoggerProvider).FullName, null, errorLevel, null),
                    new LoggerFilterRule(typeof(SerilogLoggerProvider).FullName, null, null, (_, _, level) => level >= fileLevel.Level),
                },
            }
        );
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory => factory;

    /// <inheritdoc/>
    public void Dispose() => factory.Dispose();

    // Shared: every editor window has a server of its own.
    private static SerilogLoggerProvider OpenFile(string stateFolder) =>
        new(
            new LoggerConfiguration()
                .MinimumLevel.Is(LogEventLevel.Verbose)
                .Enrich.WithProperty("Process", Environment.ProcessId)
                .WriteTo.File(
                    Path.Combine(stateFolder, "server.log"),
                    outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Process} {Level}: {Message:lj}{NewLine}{Exception}",
                    formatProvider: CultureInfo.InvariantCulture,
                    fileSizeLimitBytes: MostBytes,
                    rollOnFileSizeLimit: true,
                    retainedFileCountLimit: MostFiles,
                    shared: true
                )
                .CreateLogger(),
            dispose: true
        );
}
