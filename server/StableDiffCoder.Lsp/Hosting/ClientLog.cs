using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>Sends the log to the client as <c>window/logMessage</c>. What cannot be sent is dropped: the file has it.</summary>
internal sealed class ClientLog(LogSwitch level) : ILoggerProvider
{
    private readonly LogSwitch level = level;
    private volatile LspRpc? rpc;

    /// <summary>Names the connection; what was logged before is not sent.</summary>
    public void Attach(LspRpc connection) => rpc = connection;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this);

    /// <inheritdoc/>
    public void Dispose() => rpc = null;

    private void Send(LogLevel severity, string message)
    {
        if (rpc is LspRpc connection)
        {
            int type = severity switch
            {
                >= LogLevel.Error => ShowMessageParams.Error,
                LogLevel.Warning => ShowMessageParams.Warning,
                LogLevel.Information => ShowMessageParams.Information,
                _ => ShowMessageParams.Log,
            };
            var parameters = new ShowMessageParams { Type = type, Message = message };
            _ = connection.TryNotifyAsync(LspMethods.LogMessage, parameters, LspJson.Default.ShowMessageParams);
        }
    }

    private sealed class Logger(ClientLog owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= owner.level.Level;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                string text = formatter(state, exception);
                owner.Send(logLevel, exception is null ? text : $"{text}: {exception.Message}");
            }
        }
    }
}
