using System.Text.Json;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>What several commands write as JSON properties.</summary>
internal static class JsonWriting
{
    /// <summary>Writes why a text ended, as "stop".</summary>
    public static void WriteStop(this Utf8JsonWriter json, InfillStop stop) =>
        json.WriteString(
            "stop",
            stop switch
            {
                InfillStop.Eos => "eos",
                InfillStop.Length => "length",
                InfillStop.Suffix => "suffix",
                InfillStop.Deadline => "deadline",
                _ => "stop_string",
            }
        );

    /// <summary>Writes token ids.</summary>
    public static void WriteIds(this Utf8JsonWriter json, string name, IEnumerable<int> ids)
    {
        json.WriteStartArray(name);
        foreach (int id in ids)
        {
            json.WriteNumberValue(id);
        }
        json.WriteEndArray();
    }

    /// <summary>Writes numbers, all finite.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (double number in numbers)
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
    }
}
