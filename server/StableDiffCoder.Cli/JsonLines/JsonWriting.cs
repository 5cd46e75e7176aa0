using System.Text.Json;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>Lists of numbers as JSON properties.</summary>
internal static class JsonWriting
{
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
