using System.Globalization;
using Microsoft.Extensions.Logging;

namespace StableDiffCoder.Cli;

/// <summary>Writes the log to stderr, one line a message; an exception follows it as it prints itself.</summary>
internal sealed class ErrorStreamLoggerProvider(TextWriter error) : ILoggerProvider
{
    private readonly TextWriter shared = TextWriter.Synchronized(error);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(shared);

    /// <inheritdoc/>
    public void Dispose() { }

    private sealed class LineLogger(TextWriter error) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            string time = DateTime.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            string line = $"{time} {logLevel}: {formatter(state, exception)}";
            error.WriteLine(exception is null ? line : $"{line}\n{exception}");
        }
    }
}
