using Microsoft.Extensions.Logging;

namespace StableDiffCoder.Lsp;

/// <summary>Every message of the server's log. None has a place for source text.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Client} {Version} connected")]
    public static partial void Connected(ILogger logger, string client, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of {Bytes} bytes could not be read ({Reason})")]
    public static partial void MalformedMessage(ILogger logger, string reason, int bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} was dropped: {Reason}")]
    public static partial void NotificationDropped(ILogger logger, string method, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Uri} is out of step: {Problem}")]
    public static partial void OutOfStep(ILogger logger, string uri, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A setting is wrong: {Warning}")]
    public static partial void WrongSetting(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client did not answer {Method}")]
    public static partial void ConfigurationFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The statistics could not be kept")]
    public static partial void StatisticsNotKept(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    public static partial void RequestFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Path} could not be indexed")]
    public static partial void NotIndexed(ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The index has {Files} files and {Bytes} bytes")]
    public static partial void Indexed(ILogger logger, int files, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} ({DataType}, {Device}) is ready")]
    public static partial void ModelReady(ILogger logger, string model, string dataType, string device);

    [LoggerMessage(Level = LogLevel.Error, Message = "The model could not be loaded")]
    public static partial void ModelFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client's process {Id} has ended")]
    public static partial void ClientDied(ILogger logger, int id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message was not shown")]
    public static partial void MessageNotShown(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The progress of loading is not shown")]
    public static partial void ProgressFailed(ILogger logger, Exception exception);
}
